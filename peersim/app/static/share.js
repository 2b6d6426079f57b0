/* built from afdc380ef715bb4e */
(()=>{})();
