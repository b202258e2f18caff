import type { Random } from "../../kernel-helpers/support/random.js";
import { happens, pick, whole } from "../pen/chance.js";

const WORDS = (
  "CAFE BOOKS MARKET HOTEL BAKERY FLOWERS GARAGE MUSEUM CINEMA PHARMACY STATION LIBRARY SCHOOL THEATRE GALLERY FISH " +
  "BREAD TAILOR BANK POST OFFICE GARDEN BRIDGE HARBOUR CASTLE CHURCH TICKETS PIZZA COFFEE TEA ICE CREAM SHOES TOYS " +
  "MUSIC PIANO REPAIRS RENTAL OPEN CLOSED EXIT ENTRANCE STOP SLOW PUSH PULL WELCOME TODAY SALE NEW OLD FRESH BEST " +
  "NORTH SOUTH EAST WEST STREET ROAD LANE SQUARE AVENUE PARK RIVER HILL MILL LAKE VALLEY STONE GLASS PAPER PAINT " +
  "SILVER GOLDEN GREEN BLUE RED WHITE LION EAGLE SWAN ROSE CROWN ANCHOR MOON SUN STAR KITCHEN DENTIST LAW TAXI BUS " +
  "METRO CENTRE CITY TOWN HALL POLICE CLUB BAR GRILL SALAD SOUP BEER WINE JUICE MILK FARM SEEDS TOOLS WOOD IRON"
).split(" ");

/** A word or two as signs carry them, or the letters and figures of a plate. */
export function anyText(random: Random, plate = false): string {
  if (plate)
    return `${letters(random, 2)} ${whole(random, 10, 999)}${happens(random, 0.5) ? ` ${letters(random, 1)}` : ""}`;
  const word = pick(random, WORDS);
  if (happens(random, 0.12)) return `${whole(random, 1, 99)}`.padStart(2, "0") + (happens(random, 0.5) ? "%" : "");
  const text = happens(random, 0.25) && word.length < 6 ? `${word} ${pick(random, WORDS)}` : word;
  if (happens(random, 0.5)) return text;
  return text.charAt(0) + text.slice(1).toLowerCase();
}

function letters(random: Random, count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(65 + Math.floor(random() * 26))).join("");
}
