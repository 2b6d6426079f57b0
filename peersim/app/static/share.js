/* built from a7e998ce5b4826ea */
(()=>{})();
