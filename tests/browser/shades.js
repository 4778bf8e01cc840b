// The shades of an image (PNG, base64), averaged over a grid of cells: two hexadecimal digits each, row by row.
async ([image, cells]) => {
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(image), (sign) => sign.charCodeAt(0))]));
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const [sum, count] = [new Float64Array(cells * cells), new Float64Array(cells * cells)];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const cell = Math.floor((y * cells) / height) * cells + Math.floor((x * cells) / width);
      const at = 4 * (y * width + x);
      sum[cell] += 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
      count[cell] += 1;
    }
  return [...sum].map((total, cell) => Math.round(total / count[cell]).toString(16).padStart(2, "0")).join("");
}
