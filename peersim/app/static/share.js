/* built from b4b48e5dc1a67528 */
(()=>{})();
