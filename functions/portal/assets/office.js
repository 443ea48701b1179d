// The pages of the clinic's staff, by address. Read by staff only.
import { agencies, agency, handOver } from "./agencies.js";
import { blocks } from "./blocks.js";
import { clients } from "./clients.js";
import { invite } from "./invite.js";
import { newPacket, voiding } from "./new-packet.js";
import { find, isOffice } from "./people.js";
import { person } from "./person.js";
import { register } from "./register.js";
import { requests } from "./requests.js";
import { readOfficeWords } from "./text.js";
import { whoSees } from "./who-sees.js";

await readOfficeWords();

const own = { home: clients, "": clients, register, invite, agencies };
const ofMember = { people: whoSees, person, blocks, requests, "new-packet": newPacket, void: voiding };

/** Shows the page of an address. False when it is one that families have as well. */
export function office([name, id, part, other]) {
  // Staff who are parents see their own family as parents do.
  const isOwn = find(id) && !isOffice(find(id));
  if (name === "agency" && id) (part === "hand-over" ? handOver : agency)(id, other);
  else if (name === "member" && Object.hasOwn(ofMember, part ?? "-") && !isOwn) ofMember[part](id, other);
  else if (Object.hasOwn(own, name)) own[name](id);
  else return false;
  return true;
}
