/* built from 251b97280addc1c5 */
(()=>{})();
