/* built from 9e5929ca56918f3d */
(()=>{})();
