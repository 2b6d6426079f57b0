/* built from 30edbb7598701f4d */
(()=>{})();
