/* built from 6f47b3f224278f88 */
(()=>{})();
