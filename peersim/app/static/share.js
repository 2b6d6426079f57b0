/* built from f9af09ccefdb6a29 */
(()=>{})();
