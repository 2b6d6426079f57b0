/* built from 4eb2bdba2f503033 */
(()=>{})();
