// The shoppers' page: asks for what changed a few times a second and shows it. Whatever people wrote is set as text.

const WORDS = {
  en: {
    title: "Shoppers", shop: "shop", add: "Add", nickname: "New shopper's name", note: "An emulated platform. You play the buyer here; the answer comes from the desk.",
    say: "Send as shopper", photo: "Send a photo", colleague: "Colleague answers natively", write: "Write as the shopper…",
    photoLine: "[photo]", orderLine: "[order card]", enteredLine: "came from the page of order", empty: "Nothing said yet", pick: "Choose a shopper", card: "Order card", gone: "The emulator does not answer.", other: "[message]",
    by: { agent: "shop", bot: "platform's robot", system: "" },
  },
  zh: {
    title: "买家", shop: "店铺", add: "添加", nickname: "新买家的昵称", note: "这是模拟平台。您在这里扮演买家,回复来自客服台。",
    say: "以买家身份发送", photo: "发一张照片", colleague: "同事在平台上直接回复", write: "以买家身份输入…",
    photoLine: "[照片]", orderLine: "[订单卡片]", enteredLine: "从订单页进入", empty: "还没有消息", pick: "请选择买家", card: "订单卡片", gone: "模拟平台没有响应。", other: "[消息]",
    by: { agent: "店铺", bot: "平台机器人", system: "" },
  },
};
const language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
const words = WORDS[language];
const EVERY = 600;

const at = (id) => document.getElementById(id);
const make = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text, className: name ?? "" });

let chosen = new URLSearchParams(location.search).get("shopper") ?? "";
let version = "";
let asking = false;

function dress() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = words.title;
  for (const [id, text] of Object.entries({ note: words.note, say: words.say, photo: words.photo, colleague: words.colleague, "add-button": words.add })) at(id).textContent = text;
  at("text").placeholder = words.write;
  at("text").setAttribute("aria-label", words.write);
  at("nickname").placeholder = words.nickname;
  at("nickname").setAttribute("aria-label", words.nickname);
}

function spoken(line) {
  if (line.kind === "image") return words.photoLine;
  if (line.kind === "order_card" && line.role === "system") return `${words.enteredLine} ${line.order_id ?? ""}`;
  if (line.kind === "order_card") return `${words.orderLine} ${line.order_id ?? ""}`;
  return line.text || words.other;
}

function showShoppers(shoppers) {
  at("shoppers").replaceChildren(...shoppers.map((shopper) => {
    const entry = make("li", "");
    const button = make("button", shopper.nickname);
    button.type = "button";
    button.setAttribute("aria-current", String(shopper.id === chosen));
    button.append(make("small", shopper.last ? spoken(shopper.last) : words.empty));
    button.addEventListener("click", () => choose(shopper.id));
    entry.append(button);
    return entry;
  }));
}

function showLines(lines) {
  const box = at("lines");
  const low = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  box.replaceChildren(...lines.map((line) => {
    const entry = make("div", "", `line ${line.role}`);
    entry.append(make("p", spoken(line), line.kind === "text" ? "" : "card"));
    const time = new Date(line.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    entry.append(make("small", [words.by[line.role], time].filter(Boolean).join(" · ")));
    return entry;
  }));
  if (low) box.scrollTop = box.scrollHeight;
}

function showCards(orders) {
  at("cards").replaceChildren(...orders.map((order) => {
    const button = make("button", `${words.card} …${order.id.slice(-6)}`);
    button.type = "button";
    button.title = order.items.join(", ");
    button.addEventListener("click", () => post("say", { shopper: chosen, order: order.id }));
    return button;
  }));
}

async function refresh() {
  if (asking || document.hidden) return;
  asking = true;
  const shopper = chosen;
  try {
    const answer = await fetch(`shopper/state?${new URLSearchParams({ shopper, since: version })}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const state = await answer.json();
    trouble("");
    // Another shopper may have been chosen while this answer was on its way.
    if (shopper === chosen) show(state);
  } catch {
    trouble(words.gone);
  } finally {
    asking = false;
  }
}

function show(state) {
  if (!state.shoppers) return;
  if (!state.shoppers.some((shopper) => shopper.id === chosen) && state.shoppers.length > 0) {
    choose(state.shoppers[0].id);
    return;
  }
  version = state.version;
  at("platform").textContent = state.platform;
  at("shop").textContent = `${words.shop} ${state.shop}`;
  const who = state.shoppers.find((shopper) => shopper.id === chosen);
  at("who").textContent = who ? who.nickname : words.pick;
  for (const id of ["say", "photo", "colleague"]) at(id).disabled = !who;
  showShoppers(state.shoppers);
  showCards(state.orders);
  showLines(state.lines);
}

function choose(shopper) {
  chosen = shopper;
  version = "";
  asking = false;
  refresh();
}

function trouble(text) {
  at("trouble").hidden = !text;
  at("trouble").textContent = text;
}

async function post(what, body) {
  const answer = await fetch(`shopper/${what}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).catch(() => null);
  if (!answer?.ok) {
    trouble(words.gone);
    return null;
  }
  refresh();
  return answer;
}

async function write(what) {
  const text = at("text").value.trim();
  if (text && chosen && await post(what, { shopper: chosen, text })) at("text").value = "";
  at("text").focus();
}

at("write").addEventListener("submit", (event) => { event.preventDefault(); write("say"); });
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); write("say"); }
});
at("colleague").addEventListener("click", () => write("answer"));
at("photo").addEventListener("click", () => { if (chosen) post("say", { shopper: chosen, photo: true }); });
at("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const nickname = at("nickname").value.trim();
  const answer = nickname && await post("add", { nickname });
  if (answer) { at("nickname").value = ""; choose((await answer.json()).id); }
});
document.addEventListener("visibilitychange", refresh);

dress();
refresh();
setInterval(refresh, EVERY);
