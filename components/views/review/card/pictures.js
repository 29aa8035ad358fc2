
// ---- pictures: of this machine, and of hosts that the person has allowed ----

const PICTURE = /\.(png|jpe?g|gif|webp)$/i;

// The address of a picture that a cell names; null where it names none.
function linkOf(text) {
  try {
    const link = new URL(text.trim());
    return /^https?:$/.test(link.protocol) && PICTURE.test(link.pathname) ? link : null;
  } catch {
    return null;
  }
}

const isPath = (text) => PICTURE.test(text) && text.length < 400 && !/[\n:?#]/.test(text);

// What stands beside the text of a cell that names a picture; the text itself always stays.
function pictureOf(desk, item, name, text) {
  const link = linkOf(text);
  if (link && desk.data.hosts.includes(link.origin)) return shownPicture(link.href, text, `${link.host} gave no picture.`);
  if (link) return askForHost(desk, link);
  if (!desk.data.has_folder || !isPath(text)) return null;
  const address = new URL(`${desk.data.pictures}${desk.data.pass}/show`, document.baseURI);
  address.searchParams.set("row", item.row_id);
  address.searchParams.set("column", name);
  return shownPicture(address.href, text, "There is no such picture in the folder of the server.");
}

function shownPicture(address, text, otherwise) {
  const picture = make("img", "", "picture");
  picture.referrerPolicy = "no-referrer";
  picture.loading = "lazy";
  picture.alt = text;
  picture.src = address;
  picture.addEventListener("error", () => picture.replaceWith(make("div", otherwise, "small")));
  return picture;
}

function askForHost(desk, link) {
  const made = button("", `Show images from ${link.host}: your browser will ask that host`, async () => {
    const address = new URL(`${desk.data.pictures}${desk.data.pass}/allow`, document.baseURI);
    const answer = await fetch(address, { method: "POST", body: link.origin }).catch(() => null);
    if (!answer?.ok) return notice(desk, "The server did not take that. Try it again.");
    window.location.reload(); // the page may ask a host that it is told of when it is loaded
  });
  made.classList.add("ask-host");
  return made;
}
