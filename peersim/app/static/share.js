/* built from 68308ad630136cef */
(()=>{})();
