// The smallest phone that a browser can be: what the tests need, and nothing of the console's.
const quiet = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const phone = (window.phone = { registered: false, invites: [], ended: 0 });

async function post(path, content) {
  const headers = { "X-Callwright": "1", "Content-Type": "application/json" };
  const body = content && JSON.stringify(content);
  const answer = await fetch(`/api/v1${path}`, { method: "POST", headers, body });
  return { status: answer.status, body: await answer.json() };
}

phone.signIn = async (whom) => (await post("/session", whom)).status;

phone.level = async (hertz) => {
  // the loudness of one tone in what is heard now, 0…255
  const bins = new Uint8Array(phone.ear.frequencyBinCount);
  await new Promise((done) => setTimeout(done, 400));
  phone.ear.getByteFrequencyData(bins);
  return bins[Math.round((hertz * phone.ear.fftSize) / phone.ear.context.sampleRate)];
};

phone.listen = (track) => {
  const context = new AudioContext();
  const stream = new MediaStream([track]);
  const sound = new Audio();
  sound.srcObject = stream; // Chromium hands a remote track on only while something plays it
  sound.play();
  phone.ear = context.createAnalyser();
  phone.ear.fftSize = 8192;
  context.createMediaStreamSource(stream).connect(phone.ear);
};

phone.start = async (attachTo) => {
  const own = (await post("/desk/phone")).body;
  const socket = new JsSIP.WebSocketInterface(location.origin.replace("http", "ws") + own.websocket);
  const ua = (phone.ua = new JsSIP.UA({
    sockets: [socket],
    uri: own.uri,
    password: own.password,
    register_expires: own.register_expires,
  }));
  ua.on("newRTCSession", ({ session, request, originator }) => {
    if (originator !== "remote") return;
    phone.session = session;
    phone.invites.push(request.getHeader("X-Callwright"));
    phone.from = request.from.uri.user;
    phone.callId = request.getHeader("X-Call-Id");
    session.on("ended", () => phone.ended++);
    session.on("failed", () => phone.ended++);
    session.on("peerconnection", ({ peerconnection }) => {
      peerconnection.addEventListener("track", (event) => phone.listen(event.track));
    });
    session.on("icecandidate", (event) => event.ready());
    session.answer({
      mediaConstraints: { audio: quiet, video: false },
      pcConfig: { iceServers: own.ice_servers },
    });
  });
  await new Promise((done) => {
    ua.on("registered", done);
    ua.start();
  });
  phone.registered = true;
  return attachTo ? (await post(`/contacts/${attachTo}/attach`)).status : 0;
};
