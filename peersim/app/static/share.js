/* built from 6aa01e14b9667289 */
(()=>{})();
