// Says something to people who listen to the page instead of looking at it.
const status = document.getElementById("status");

export function say(words) {
  status.textContent = "";
  // A change in the next frame is announced even if the words are the same as before.
  requestAnimationFrame(() => {
    status.textContent = words;
  });
}
