/* built from 48f955dabc344677 */
(()=>{})();
