/* built from a120a5e6e64fc2bb */
(()=>{})();
