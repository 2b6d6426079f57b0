/* built from b4cae66486d8838e */
(()=>{})();
