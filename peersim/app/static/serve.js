/* built from 42cf2345080cbe7a */
(()=>{})();
