// A microphone that says what it is told to: the pictures show a talk in its order.
const context = new AudioContext({ sampleRate: 48000 })
const room = context.createMediaStreamDestination()
navigator.mediaDevices.getUserMedia = async () => {
  await context.resume()
  return room.stream.clone()
}
window.callwrightSay = async (wav) => {
  const bytes = Uint8Array.from(atob(wav), (char) => char.charCodeAt(0))
  const source = context.createBufferSource()
  source.buffer = await context.decodeAudioData(bytes.buffer)
  source.connect(room)
  await new Promise((said) => {
    source.onended = said
    source.start()
  })
}
