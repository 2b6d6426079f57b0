/* built from f872da87c68f3893 */
(()=>{})();
