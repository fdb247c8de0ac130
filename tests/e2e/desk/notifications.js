// A headless browser has no notifications of its own: what the page shows is kept here instead.
window.callwrightNotes = []
window.Notification = class {
  static permission = 'granted'
  static requestPermission = async () => 'granted'
  constructor(title, options) {
    Object.assign(this, { title, body: options.body, shown: true })
    callwrightNotes.push(this)
  }
  close() {
    this.shown = false
  }
}
