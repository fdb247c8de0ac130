"""What was said: live while the call goes on, final after it, masked on the way out."""
