/* built from 39037531f2db50b0 */
(()=>{})();
