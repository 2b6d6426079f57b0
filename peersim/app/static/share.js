/* built from fe5fa6a8d1929ac7 */
(()=>{})();
