import { afterAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '@tests/support/app';
import { download, namedIn, newFileId, randomFile, upload } from '@tests/support/files';
import { expectProblem } from '@tests/support/problems';
import { listenTo } from '@tests/support/room-stream';
import { roomsApi, SENDER } from '@tests/support/rooms';
import { sealedMessage, sealedRoom } from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

describeOnEveryStorage('a message of a plain room with a file', (current) => {
  let app: TestApp | undefined;
  const begin = async () => {
    app ??= await startApp(current().storage);
    const api = roomsApi(app);
    const owner = await api.open();
    return { api, url: app.url, owner, guest: await api.join(owner.roomId) };
  };
  afterAll(() => app?.close());

  it('carries what names the file: in the answer, in history and live', async () => {
    const { url, owner, guest } = await begin();
    const stream = await listenTo(url, owner);
    const file = randomFile(300_000);
    await upload(guest, file);
    const said = { id: 'with-a-file', text: 'look', file: namedIn(file) };
    expect(await guest.send(said)).toMatchObject({ status: 201, body: said });
    expect(await guest.send(said)).toMatchObject({ status: 200, body: said });
    expect((await owner.history()).body).toMatchObject({ messages: [said] });
    await eventually(() => expect(stream.data('chat.message')).toMatchObject([said]));
    stream.close();
  });

  it('may say nothing beside it, be a reply, and have a name in any script', async () => {
    const { owner } = await begin();
    await owner.send({ id: 'the-question' });
    for (const name of ['\u202egnp.exe', 'שלום.png', '🦋'.repeat(255), '"file":{"fileId":"x"}', 'a\nb']) {
      const file = randomFile(10);
      await upload(owner, file);
      const said = { text: '', about: { kind: 'reply', id: 'the-question' }, file: { ...namedIn(file), name } };
      expect(await owner.send(said)).toMatchObject({ status: 201, body: said });
    }
  });

  it('is refused for a file that is unknown, another’s, unfinished or of another size, in this order', async () => {
    const { owner, guest } = await begin();
    const [theirs, unfinished, finished] = [randomFile(10), randomFile(10), randomFile(10)];
    await guest.beginFile(theirs.beginning);
    await owner.beginFile(unfinished.beginning);
    await upload(owner, finished);
    const send = (file: object, message: object = {}) => owner.send({ file, ...message });
    expectProblem(await send({ ...namedIn(theirs), fileId: newFileId() }), 'file_not_found');
    expectProblem(await send(namedIn(theirs)), 'not_the_author');
    expectProblem(await send({ ...namedIn(unfinished), bytes: 11 }), 'invalid_request', ['file']);
    expectProblem(await send(namedIn(unfinished)), 'file_unfinished');
    expectProblem(await send({ ...namedIn(finished), pieces: 2 }), 'invalid_request', ['file']);
    expectProblem(await send({ ...namedIn(finished), name: '' }), 'invalid_request', ['file.name']);
    expectProblem(await send({ ...namedIn(finished), type: 'a\nb' }), 'invalid_request', ['file.type']);
    for (const kind of ['edit', 'reaction'])
      expectProblem(await send(namedIn(finished), { about: { kind, id: 'whatever' } }), 'invalid_request', [
        'about.kind',
      ]);
    expect((await owner.history()).body).toMatchObject({ messages: [] });
    await owner.removeFile(finished.id);
    expectProblem(await send(namedIn(finished)), 'file_not_found');
  });

  it('takes the file along when it is taken back, by its author or the owner, and only then', async () => {
    const { owner, guest } = await begin();
    for (const [index, remover] of [guest, owner].entries()) {
      const [file, kept] = [randomFile(10), randomFile(10)];
      for (const each of [file, kept]) await upload(guest, each);
      const id = `with-a-file-${index}`;
      await guest.send({ id, text: '', file: namedIn(file) });
      await guest.send({ id: `edit-of-it-${index}`, text: 'a caption', about: { kind: 'edit', id } });
      await guest.send({ id: `another-${index}`, text: '', file: namedIn(kept) });
      await guest.takeBack(`edit-of-it-${index}`);
      expect(await download(owner, file)).toEqual(file.bytes);
      expect((await remover.takeBack(id)).status).toBe(204);
      expectProblem(await owner.readFile(file.id), 'file_not_found');
      expectProblem(await owner.readPiece(file.id, 0), 'file_not_found');
      expect(await download(owner, kept)).toEqual(kept.bytes);
      expectProblem(await guest.send({ id, text: '', file: namedIn(file) }), 'message_id_taken');
      expect((await remover.takeBack(id)).status).toBe(204);
    }
  });

  it('does not exist in a sealed room, whose server learns of no file what it is', async () => {
    const { api } = await begin();
    const owner = await api.open(sealedRoom());
    const file = randomFile(100, { sealed: true });
    await upload(owner, file);
    const path = `/api/messages?roomId=${owner.roomId}`;
    const json = { ...sealedMessage(), file: namedIn(file) };
    expectProblem(await api.ask('POST', path, { token: owner.token, json }), 'invalid_request', ['file']);
    expectProblem(
      await api.ask('POST', path, { token: owner.token, json: { sender: SENDER, text: '', file: namedIn(file) } }),
      'invalid_request',
    );
  });
});
