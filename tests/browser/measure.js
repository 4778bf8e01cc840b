// What a page looks like, measured: run in the page, returns plain data. Sizes are CSS pixels of the screen.
() => {
  const shown = (node) => {
    const owner = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    return owner.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
  };

  // Every text: lines of running text by their line boxes, labels of pictures by their element.
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || !shown(node) || node.parentElement.closest("style,script,svg")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(node.parentElement);
    for (const box of range.getClientRects())
      texts.push({ text: node.data.trim().slice(0, 60), box, size: parseFloat(style.fontSize), owner: node });
  }
  for (const node of document.querySelectorAll("svg.parley-picture text")) {
    if (!shown(node)) continue;
    const scale = Math.hypot(node.getScreenCTM().a, node.getScreenCTM().b);
    const size = parseFloat(getComputedStyle(node).fontSize) * scale;
    texts.push({ text: node.textContent, box: node.getBoundingClientRect(), size, owner: node, drawn: true });
  }

  // A line box is higher than its letters: what covers another text is letters, not the air around them.
  const letters = texts.map(({ box, size }) => {
    const flat = box.width >= box.height;
    const air = Math.max(0, ((flat ? box.height : box.width) - size * 0.8) / 2);
    const [x, y] = flat ? [0.5, air] : [air, 0.5];
    return { left: box.left + x, right: box.right - x, top: box.top + y, bottom: box.bottom - y };
  });
  const overlaps = [];
  const order = texts.map((_, at) => at).sort((a, b) => letters[a].top - letters[b].top);
  order.forEach((one, place) => {
    for (const other of order.slice(place + 1)) {
      const [a, b] = [letters[one], letters[other]];
      if (b.top >= a.bottom) break;
      if (texts[one].owner === texts[other].owner) continue;
      if (a.left < b.right && b.left < a.right) overlaps.push([texts[one].text, texts[other].text]);
    }
  });

  // Text outside its picture, and shapes that reach over the border of theirs.
  const clipped = [];
  for (const svg of document.querySelectorAll("svg.parley-picture")) {
    if (!shown(svg)) continue;
    const frame = svg.getBoundingClientRect();
    for (const node of svg.querySelectorAll("text,rect,circle,line,polyline,polygon,path")) {
      if (node.closest("defs,clipPath,pattern,marker") || !shown(node)) continue;
      const box = node.getBoundingClientRect();
      const out = Math.max(frame.left - box.left, box.right - frame.right, frame.top - box.top,
        box.bottom - frame.bottom);
      if (out > 0.75) clipped.push([node.tagName, node.textContent.slice(0, 60), Math.round(out * 10) / 10]);
    }
  }
  for (const node of document.querySelectorAll("body *")) {
    if (node.closest("svg") || !shown(node)) continue;
    const style = getComputedStyle(node);
    const hides = (value) => value === "hidden" || value === "clip";
    if ((hides(style.overflowX) && node.scrollWidth > node.clientWidth + 1) ||
        (hides(style.overflowY) && node.scrollHeight > node.clientHeight + 1))
      clipped.push([node.tagName, node.textContent.slice(0, 60), node.scrollWidth - node.clientWidth]);
  }

  // Contrast of the letters of pictures against what lies under their middle (axe passes over pictures).
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
  };
  const over = (top, opacity, under) => under.map((value, at) => value + (top[at] - value) * top[3] * opacity);
  const luminance = (colour) => {
    const [r, g, b] = colour.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  for (const { owner, text, box, drawn } of texts) {
    if (!drawn) continue;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    let under = [1, 1, 1];
    for (const node of owner.ownerSVGElement.querySelectorAll("rect,circle,polygon,path")) {
      if (node.closest("defs,clipPath,pattern,marker")) continue;
      if (!(node.compareDocumentPosition(owner) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      const style = getComputedStyle(node);
      if (style.fill === "none" || style.fill.startsWith("url")) continue;
      if (!node.isPointInFill(new DOMPoint(x, y).matrixTransform(node.getScreenCTM().inverse()))) continue;
      under = over(rgba(style.fill), parseFloat(style.fillOpacity) * parseFloat(style.opacity), under);
    }
    const style = getComputedStyle(owner);
    // A halo: the letters stand on a stroke of their own.
    if (style.paintOrder.startsWith("stroke") && style.stroke !== "none" && parseFloat(style.strokeWidth) >= 3)
      under = over(rgba(style.stroke), parseFloat(style.strokeOpacity), under);
    const ink = over(rgba(style.fill), parseFloat(style.fillOpacity) * parseFloat(style.opacity), under);
    const [low, high] = [luminance(ink), luminance(under)].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) faint.push([text, Math.round(contrast * 100) / 100]);
  }

  const smallest = texts.reduce((least, each) => (each.size < least.size ? each : least));
  return {
    texts: texts.length,
    drawn: texts.filter((each) => each.drawn).length,
    sideways: document.documentElement.scrollWidth - window.innerWidth,
    overlaps,
    clipped,
    faint,
    smallest: [smallest.size, smallest.text],
  };
}
