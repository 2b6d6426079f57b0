/* built from 31c8b66e7e48e54f */
(()=>{})();
