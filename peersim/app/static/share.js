/* built from 612cbcadd8175601 */
(()=>{})();
