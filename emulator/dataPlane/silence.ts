/** Sound that nobody takes for a voice, in each format that the speech services offer. A player opens it and hears nothing. */

export type SoundFormat =
  { container: "wav" | "raw"; sampleRate: number } | { container: "ogg" } | { container: "mp3" };

export const contentTypes: Record<SoundFormat["container"], string> = {
  wav: "audio/x-wav",
  raw: "audio/x-pcm",
  ogg: "audio/ogg",
  mp3: "audio/mpeg",
};

/** As long as `lengthMs`, rounded up to whole frames where the format has them. */
export function silence(format: SoundFormat, lengthMs: number): Buffer {
  if (format.container === "ogg") return oggOpus(lengthMs);
  if (format.container === "mp3") return mp3(lengthMs);
  const samples = Buffer.alloc(Math.floor((format.sampleRate * lengthMs) / 1000) * 2);
  return format.container === "raw" ? samples : Buffer.concat([wavHead(format.sampleRate, samples.length), samples]);
}

/** One channel, 16 bits. */
function wavHead(sampleRate: number, size: number): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + size, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(size, 40);
  return head;
}

/** MPEG-1 Layer III, one channel, 48 kHz, 32 kbit/s: frames of 24 ms in 96 bytes, of which all but the header is zero. */
function mp3(lengthMs: number): Buffer {
  const frame = Buffer.alloc(96);
  frame.writeUInt32BE(0xfffb14c4);
  return Buffer.concat(Array<Buffer>(Math.ceil(lengthMs / 24)).fill(frame));
}

const opusRate = 48_000;
/** 20 ms of nothing at full bandwidth, one channel. */
const opusFrame = { bytes: Buffer.from([0xf8, 0xff, 0xfe]), samples: opusRate / 50 };
/** Each packet of an Ogg page has one byte for its size. */
const packetsOfPage = 255;

/** RFC 3533 and RFC 7845: a page for each of the two headers, then pages of packets. */
function oggOpus(lengthMs: number): Buffer {
  const head = Buffer.alloc(19);
  head.write("OpusHead", 0, "latin1");
  head.set([1, 1], 8);
  head.writeUInt32LE(opusRate, 12);
  const vendor = "local stand-in";
  const tags = Buffer.alloc(16 + vendor.length);
  tags.write("OpusTags", 0, "latin1");
  tags.writeUInt32LE(vendor.length, 8);
  tags.write(vendor, 12, "latin1");

  const count = Math.max(1, Math.ceil(lengthMs / 20));
  const pages = [oggPage({ at: 0, flags: 2, position: 0, packets: [head] })];
  pages.push(oggPage({ at: 1, flags: 0, position: 0, packets: [tags] }));
  for (let first = 0; first < count; first += packetsOfPage) {
    const end = Math.min(count, first + packetsOfPage);
    const packets = Array<Buffer>(end - first).fill(opusFrame.bytes);
    pages.push(oggPage({ at: pages.length, flags: end === count ? 4 : 0, position: end * opusFrame.samples, packets }));
  }
  return Buffer.concat(pages);
}

/** `flags`: 2 for the first page, 4 for the last. `position`: samples up to its end. Packets are shorter than 255 bytes. */
function oggPage(page: { at: number; flags: number; position: number; packets: Buffer[] }): Buffer {
  const { at, flags, position, packets } = page;
  const head = Buffer.alloc(27 + packets.length);
  head.write("OggS", 0, "latin1");
  head.writeUInt8(flags, 5);
  head.writeBigUInt64LE(BigInt(position), 6);
  head.writeUInt32LE(1, 14);
  head.writeUInt32LE(at, 18);
  head.writeUInt8(packets.length, 26);
  packets.forEach((packet, index) => head.writeUInt8(packet.length, 27 + index));
  const whole = Buffer.concat([head, ...packets]);
  whole.writeUInt32LE(oggChecksum(whole), 22);
  return whole;
}

/** CRC-32 of Ogg: polynomial 0x04c11db7, from the highest bit, without inversion. */
function oggChecksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}
