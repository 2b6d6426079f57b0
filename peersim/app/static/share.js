/* built from 6ad977abfdda7093 */
(()=>{})();
