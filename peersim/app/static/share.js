/* built from d8351c47cc6048e6 */
(()=>{})();
