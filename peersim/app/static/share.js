/* built from 7e10c997ed6f5bae */
(()=>{})();
