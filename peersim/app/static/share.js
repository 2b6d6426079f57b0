/* built from 5207baf980eab632 */
(()=>{})();
