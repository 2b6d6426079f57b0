/* built from 0bfec2da40e8f28f */
(()=>{})();
