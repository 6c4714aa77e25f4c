/**
 * A word for each byte of a safety phrase: an emoji of one code point that every system draws, and a short English name to
 * say aloud, no two alike. The order is part of the format (docs/sealing.md): changing it gives the two ends of a
 * conversation different phrases.
 */
export const PHRASE_WORDS: readonly string[] = (
  '🐶 dog,🐱 cat,🐭 mouse,🐹 hamster,🐰 rabbit,🦊 fox,🐻 bear,🐼 panda,🐨 koala,🐯 tiger,🦁 lion,🐮 cow,🐷 pig,🐸 frog,' +
  '🐵 monkey,🐔 chicken,🐧 penguin,🦆 duck,🦅 eagle,🦉 owl,🦇 bat,🐺 wolf,🐴 horse,🦄 unicorn,🐝 bee,🐛 caterpillar,' +
  '🦋 butterfly,🐌 snail,🐞 ladybird,🐜 ant,🐢 turtle,🐍 snake,🦎 lizard,🐙 octopus,🦑 squid,🦐 shrimp,🦀 crab,🐠 fish,' +
  '🐬 dolphin,🐳 whale,🦈 shark,🐊 crocodile,🐘 elephant,🦏 rhino,🐪 camel,🐑 sheep,🐐 goat,🦌 deer,🦃 turkey,🦔 hedgehog,' +
  '🦒 giraffe,🦓 zebra,🐲 dragon,🦖 dinosaur,🦂 scorpion,🐚 shell,🦚 peacock,🦜 parrot,🦢 swan,🦞 lobster,🦘 kangaroo,' +
  '🦡 badger,🌵 cactus,🌲 fir,🌴 palm,🍀 clover,🍁 maple,🍄 mushroom,🌷 tulip,🌹 rose,🌻 sunflower,🌍 globe,🌙 moon,' +
  '⭐ star,🔥 fire,⚡ lightning,🌈 rainbow,🌞 sun,⛄ snowman,🌊 wave,💧 drop,☔ umbrella,🌋 volcano,🍎 apple,🍐 pear,' +
  '🍊 orange,🍋 lemon,🍌 banana,🍉 melon,🍇 grapes,🍓 strawberry,🍒 cherries,🍑 peach,🍍 pineapple,🥥 coconut,🥝 kiwi,' +
  '🍅 tomato,🍆 aubergine,🥑 avocado,🥦 broccoli,🥒 cucumber,🌽 corn,🥕 carrot,🥔 potato,🍞 bread,🥐 croissant,🥨 pretzel,' +
  '🧀 cheese,🥚 egg,🥞 pancakes,🥓 bacon,🍔 burger,🍟 fries,🍕 pizza,🌮 taco,🥗 salad,🍝 spaghetti,🍣 sushi,🍦 ice cream,' +
  '🍩 doughnut,🍪 cookie,🎂 cake,🍫 chocolate,🍭 lollipop,🍯 honey,🥛 milk,☕ coffee,🍷 wine,🍺 beer,🥄 spoon,🍿 popcorn,' +
  '🥜 peanut,🥧 pie,🧂 salt,⚽ football,🏀 basketball,⚾ baseball,🎾 tennis,🏓 ping-pong,🎯 target,🎳 bowling,🎮 gamepad,' +
  '🎲 dice,🧩 jigsaw,🎻 violin,🎸 guitar,🎹 piano,🎺 trumpet,🥁 drum,🎷 saxophone,🎤 microphone,🎧 headphones,🎨 palette,' +
  '🎪 circus,🎭 theatre,🎫 ticket,🏆 trophy,🏹 bow,🎿 skis,⛵ sailboat,🚗 car,🚕 taxi,🚌 bus,🚑 ambulance,🚜 tractor,' +
  '🚲 bicycle,🛴 scooter,🚂 train,🚀 rocket,🚁 helicopter,🚢 ship,⚓ anchor,🚦 traffic light,🛸 saucer,🚚 lorry,🛶 canoe,' +
  '🏠 house,🏰 castle,⛺ tent,🎡 ferris wheel,🎢 roller coaster,⛲ fountain,🏭 factory,⛪ church,🗻 mountain,🗼 tower,' +
  '🗿 statue,⌚ watch,📱 phone,💻 laptop,💡 light bulb,🔦 torch,📷 camera,📺 television,📻 radio,⏰ alarm clock,⏳ hourglass,' +
  '🔋 battery,🔌 plug,💰 money,💎 diamond,🔨 hammer,🔧 spanner,🧲 magnet,💣 bomb,🔪 knife,🔮 crystal ball,🔬 microscope,' +
  '🔭 telescope,🚪 door,🛁 bath,🎁 present,🎈 balloon,🎀 ribbon,📦 parcel,📚 books,📎 paper clip,📌 pin,🔒 lock,🔑 key,' +
  '🔔 bell,📣 megaphone,🧭 compass,🧵 thread,👓 glasses,👖 jeans,🧦 socks,👗 dress,👟 shoe,👢 boot,👑 crown,👒 hat,' +
  '🎒 backpack,💍 ring,💄 lipstick,👻 ghost,👽 alien,🤖 robot,🤡 clown,🎃 pumpkin,💀 skull,🧙 wizard,🧜 mermaid,🧚 fairy,' +
  '👀 eyes,👂 ear,💪 muscle,🧠 brain,🦷 tooth,🦴 bone,👣 footprints,🧸 teddy,🧹 broom,🧺 basket,🧼 soap,🚿 shower'
).split(',');

/** The words of a safety phrase, one for each of its bytes. */
export const phraseOf = (bytes: Uint8Array): string[] => Array.from(bytes, (byte) => PHRASE_WORDS[byte] ?? '');
