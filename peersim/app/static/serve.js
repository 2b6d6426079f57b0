/* built from 1abef4e412b2be58 */
(()=>{})();
