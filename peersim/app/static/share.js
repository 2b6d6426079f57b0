/* built from bfc174db8ba5bbc6 */
(()=>{})();
