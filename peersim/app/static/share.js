/* built from 60ada1fe22653983 */
(()=>{})();
