/* built from 92fdd611c1988f69 */
(()=>{})();
