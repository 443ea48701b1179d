// Photographs of a paper form become one PDF, a page each: made smaller first, so that a phone's camera does not send 40 MB.

const LONGEST_SIDE = 2000; // pixels: 180 dots per inch on a letter page, enough for handwriting
const QUALITY = 0.8;
const LONGER = 792; // points: the longer side of a letter page

/** Whether these files are photographs. */
export const arePhotos = (files) => files.length > 0 && files.every(({ type }) => type.startsWith("image/"));

/** The bytes of a PDF with these photographs. Fails when one is no picture that the browser can read. */
export async function pdfOf(files) {
  const pages = [];
  for (const file of files) pages.push(await picture(file));
  return write(pages);
}

async function picture(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, 0, 0, width, height);
  image.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return { width, height, bytes: new Uint8Array(await blob.arrayBuffer()) };
}

/** A PDF 1.4 with one JPEG on each page, and nothing else. Objects: 1 catalog, 2 pages, then page, picture and drawing for each. */
function write(pages) {
  const parts = [];
  const places = [];
  let length = 0;
  const put = (part) => {
    const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
    parts.push(bytes);
    length += bytes.length;
  };
  const object = (number, head, stream) => {
    places[number] = length;
    put(`${number} 0 obj\n`);
    if (stream) {
      put(`<< ${head} /Length ${stream.length} >>\nstream\n`);
      put(stream);
      put("\nendstream");
    } else put(`<< ${head} >>`);
    put("\nendobj\n");
  };
  put("%PDF-1.4\n");
  object(1, "/Type /Catalog /Pages 2 0 R");
  object(2, `/Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${3 + at * 3} 0 R`).join(" ")}]`);
  pages.forEach(({ width, height, bytes }, at) => {
    const first = 3 + at * 3;
    const scale = LONGER / Math.max(width, height);
    const [wide, high] = [(width * scale).toFixed(2), (height * scale).toFixed(2)];
    object(first, `/Type /Page /Parent 2 0 R /MediaBox [0 0 ${wide} ${high}] /Resources << /XObject << /P ${first + 1} 0 R >> >> /Contents ${first + 2} 0 R`);
    object(first + 1, `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`, bytes);
    object(first + 2, "", new TextEncoder().encode(`q ${wide} 0 0 ${high} 0 0 cm /P Do Q`));
  });
  const table = length;
  const count = places.length;
  const line = (place) => `${String(place).padStart(10, "0")} 00000 n \n`;
  put(`xref\n0 ${count}\n0000000000 65535 f \n${places.slice(1).map(line).join("")}`);
  put(`trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.buffer;
}
