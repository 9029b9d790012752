using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>Bytes of checkpoints and of the manifest that names them change at rest: nothing is lost, or the store says that it can't be opened.</summary>
public sealed class CheckpointDamageTests
{
    private const int Seed = 5;
    private const int Count = 120;
    private static readonly LogRetention Long = new(TimeSpan.FromHours(1), 1L << 30);
    private static readonly LogRetention Short = new(TimeSpan.FromMilliseconds(5), 1L << 30);

    private readonly List<LogTransaction> _appended = [];

    [Fact]
    public async Task A_flipped_bit_anywhere_in_the_newest_checkpoint_costs_nothing_and_is_told()
    {
        SimulatedDisk disk = await FilledAsync(Short);
        Random random = new(Seed);
        Manifest manifest = Manifest.Decode(SlotFile.Open(new SimulatedSlots(disk, SimulatedStore.Manifest), Manifest.Format).Content);
        for (int i = 0; i < disk.Length("checkpoint.2"); i++)
        {
            SimulatedDisk damaged = disk.Damaged("checkpoint.2", bytes => Flipped(bytes, i, random));
            CheckpointChoice choice = CheckpointChoice.Of(new SimulatedCheckpoints(damaged), manifest);
            Assert.Equal((1ul, 1), (choice.Checkpoint?.Number, choice.Notices.Count));
            if (i % 32 == 0) await ExpectOlderAsync(damaged, "checkpoint.2");
        }
    }

    [Fact]
    public async Task A_newest_checkpoint_cut_short_anywhere_or_made_longer_or_lost_costs_nothing_and_is_told()
    {
        SimulatedDisk disk = await FilledAsync(Short);
        for (int i = 0; i < disk.Length("checkpoint.2"); i += 31)
            await ExpectOlderAsync(disk.Damaged("checkpoint.2", bytes => bytes[..i]), "checkpoint.2");
        await ExpectOlderAsync(disk.Damaged("checkpoint.2", bytes => [.. bytes, 0]), "checkpoint.2");
        await ExpectOlderAsync(disk.Damaged("checkpoint.2", _ => null), "checkpoint.2");
    }

    [Fact]
    public async Task A_checkpoint_in_the_place_of_another_is_not_taken_for_it()
    {
        SimulatedDisk disk = await FilledAsync(Short);
        byte[] older = new byte[disk.Length("checkpoint.1")];
        disk.Read("checkpoint.1", 0, older);
        await ExpectOlderAsync(disk.Damaged("checkpoint.2", _ => older), "checkpoint.2");
    }

    [Fact]
    public async Task Both_checkpoints_damaged_is_no_loss_while_the_log_reaches_back_to_its_beginning()
    {
        SimulatedDisk disk = await FilledAsync(Long);
        await using FasterTransactionLog log = Open(BothDamaged(disk));
        Assert.Equal(2, log.Checkpoint.Notices.Count);
        Assert.Contains("the whole log instead", log.Checkpoint.Notices[0]);
        Assert.Equal(Transactions.Texts(_appended), Transactions.Texts(log.Replayed()));
    }

    [Fact]
    public async Task Both_checkpoints_damaged_is_refused_once_the_log_was_truncated()
    {
        SimulatedDisk disk = await FilledAsync(Short);
        string refusal = Assert.Throws<StoreFailedException>(() => Open(BothDamaged(disk))).Message;
        Assert.Contains("no checkpoint is whole, and the log reaches back only to revision 41", refusal);
        Assert.Contains("`checkpoint.1` is damaged at block", refusal);
        Assert.Contains("`checkpoint.2` is damaged at block", refusal);
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_in_one_copy_of_a_manifest_with_checkpoints_costs_nothing()
    {
        SimulatedDisk disk = await FilledAsync(Short);
        Random random = new(Seed);
        for (int i = 0; i < 2 * SlotFile.SlotBytes; i += i % SlotFile.SlotBytes < 400 ? 3 : 211)
        {
            await using FasterTransactionLog log = Open(disk.Damaged(SimulatedStore.Manifest, bytes => Flipped(bytes, i, random)));
            Assert.Empty(log.Checkpoint.Notices);
            Assert.Equal(80ul, log.Checkpoint.Revision.Value);
            Expect(log);
        }
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_replaced_by_the_next()
    {
        SimulatedDisk disk = (await FilledAsync(Short)).Damaged("checkpoint.2", bytes => Flipped(bytes, 100, new Random(Seed)));
        await using (FasterTransactionLog log = Open(disk)) await log.Checkpoint.TakeAsync(CancellationToken.None);
        await using FasterTransactionLog next = Open(disk);
        Assert.Empty(next.Checkpoint.Notices);
        Assert.Equal((ulong)Count, next.Checkpoint.Revision.Value);
        Expect(next);
    }

    /// <summary>Two checkpoints, of 40 and 80 transactions, and as many after.</summary>
    private async Task<SimulatedDisk> FilledAsync(LogRetention retention)
    {
        SimulatedDisk disk = new(new Random(Seed));
        Random random = new(Seed);
        await using FasterTransactionLog log = SimulatedStore.Open(disk, retention: retention);
        for (int i = 1; i <= Count; i++)
        {
            _appended.Add(Transactions.Related(random, (ulong)i));
            await log.AppendDurablyAsync(_appended[^1]);
            if (i is 40 or 80) await log.Checkpoint.TakeAsync(CancellationToken.None);
        }
        return disk;
    }

    private async Task ExpectOlderAsync(SimulatedDisk disk, string damaged)
    {
        await using FasterTransactionLog log = Open(disk);
        string notice = Assert.Single(log.Checkpoint.Notices);
        Assert.Contains(damaged, notice);
        Assert.Contains("opened from checkpoint 1 and the log after it", notice);
        Assert.Equal(40ul, log.Checkpoint.Revision.Value);
        Expect(log);
    }

    private void Expect(FasterTransactionLog log)
    {
        StoreText held = new();
        log.Checkpoint.Load(held);
        int start = (int)log.Checkpoint.Revision.Value;
        Assert.Equal(StoreModel.Of(_appended.Take(start), Short.Time).Text(), held.ToString());
        Assert.Equal(Transactions.Texts(_appended.Skip(start)), Transactions.Texts(log.Replayed()));
    }

    private static FasterTransactionLog Open(SimulatedDisk disk) => SimulatedStore.Open(disk, retention: Short);

    private static SimulatedDisk BothDamaged(SimulatedDisk disk)
    {
        Random random = new(Seed);
        return disk.Damaged("checkpoint.1", bytes => Flipped(bytes, 50, random)).Damaged("checkpoint.2", bytes => Flipped(bytes, 70, random));
    }

    private static byte[] Flipped(byte[] bytes, int index, Random random)
    {
        bytes[index] ^= (byte)(1 << random.Next(8));
        return bytes;
    }
}
