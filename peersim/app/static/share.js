/* built from 611f0fb6fd7546d5 */
(()=>{})();
