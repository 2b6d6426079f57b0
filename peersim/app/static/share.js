/* built from d7a520ee342cbee7 */
(()=>{})();
