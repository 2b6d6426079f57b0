/* built from 9ed2efbfe8832e05 */
(()=>{})();
