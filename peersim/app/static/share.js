/* built from de9bdf3500900f0f */
(()=>{})();
