/* built from fb63a5f7f60ccee0 */
(()=>{})();
