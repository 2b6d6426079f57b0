/* built from ac129cbff2184cfc */
(()=>{})();
