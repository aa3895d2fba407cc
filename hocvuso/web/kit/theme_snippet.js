(function(){try{var d=document.documentElement,s=localStorage;["theme","elder"].forEach(function(k){var v=s.getItem("hv."+k);if(v)d.dataset[k]=v})}catch(e){}})()
