/* built from ce2fbcd65245ea25 */
(()=>{})();
