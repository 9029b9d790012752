using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>Bytes of the two small files change at rest, or are gone: the store knows what it was, or says that it can't.</summary>
public sealed class SlotDamageTests
{
    private const int Seed = 11;

    [Fact]
    public async Task A_flipped_bit_in_one_copy_of_the_manifest_or_instant_loses_nothing()
    {
        SimulatedDisk disk = await DamageTests.FilledAsync();
        Random random = new(Seed);
        foreach (string file in (string[])[SimulatedStore.Manifest, SimulatedStore.Instant])
        {
            for (int i = 0; i < 2 * SlotFile.SlotBytes; i += i % SlotFile.SlotBytes < 160 ? 1 : 61)
            {
                await using FasterTransactionLog log = SimulatedStore.Open(disk.Damaged(file, bytes => DamageTests.Flipped(bytes, i, random)));
                Assert.Equal((DamageTests.Count, DamageTests.Reserved), (log.Replayed().Count, log.ReservedInstant));
            }
        }
    }

    [Theory]
    [InlineData(SimulatedStore.Manifest)]
    [InlineData(SimulatedStore.Instant)]
    public async Task Every_byte_of_either_copy_may_flip_and_no_byte_of_both(string file)
    {
        SimulatedDisk disk = await DamageTests.FilledAsync();
        SlotFormat format = FormatOf(disk, file);
        byte[] content = SlotFile.Open(new SimulatedSlots(disk, file), format).Content;
        Random random = new(Seed);
        for (int i = 0; i < 2 * SlotFile.SlotBytes; i++)
            Assert.Equal(content, SlotFile.Open(new SimulatedSlots(disk.Damaged(file, bytes => DamageTests.Flipped(bytes, i, random)), file), format).Content);
        for (int i = 0; i < SlotFile.SlotBytes; i++)
        {
            SimulatedDisk damaged = disk.Damaged(file, bytes => DamageTests.Flipped(DamageTests.Flipped(bytes, i, random), SlotFile.SlotBytes + i, random));
            Assert.Contains("both copies", Assert.Throws<StoreFailedException>(() => SlotFile.Open(new SimulatedSlots(damaged, file), format)).Message);
            if (i % 64 == 0) Assert.Contains($"both copies in the file `{file}` are damaged", DamageTests.Refusal(damaged));
        }
    }

    [Theory]
    [InlineData(SimulatedStore.Manifest)]
    [InlineData(SimulatedStore.Instant)]
    public async Task A_small_file_cut_short_anywhere_says_what_it_said_or_says_that_it_can_t(string file)
    {
        SimulatedDisk disk = await DamageTests.FilledAsync();
        SlotFormat format = FormatOf(disk, file);
        byte[] content = SlotFile.Open(new SimulatedSlots(disk, file), format).Content;
        int refused = 0;
        for (int length = 0; length < 2 * SlotFile.SlotBytes; length++)
        {
            SimulatedDisk cut = disk.Damaged(file, bytes => bytes[..length]);
            try
            {
                Assert.Equal(content, SlotFile.Open(new SimulatedSlots(cut, file), format).Content);
            }
            catch (StoreFailedException refusal)
            {
                refused++;
                Assert.True(length < SlotFile.SlotBytes);
                Assert.Contains("both copies", refusal.Message);
            }
        }
        Assert.InRange(refused, content.Length, SlotFile.SlotBytes);
    }

    [Fact]
    public async Task Both_copies_of_the_manifest_damaged_is_refused()
    {
        SimulatedDisk disk = await DamageTests.FilledAsync();
        Random random = new(Seed);
        SimulatedDisk damaged = disk.Damaged(SimulatedStore.Manifest, bytes => DamageTests.Flipped(DamageTests.Flipped(bytes, 30, random), SlotFile.SlotBytes + 40, random));
        Assert.Contains("both copies in the file `manifest` are damaged", DamageTests.Refusal(damaged));
    }

    [Fact]
    public async Task A_manifest_of_a_later_format_is_refused_with_its_number()
    {
        SimulatedDisk disk = await DamageTests.FilledAsync();
        SlotFile.Create(new SimulatedSlots(disk, SimulatedStore.Manifest), Manifest.Format with { Version = 9 }, [1, 2, 3]);
        Assert.Contains("is of format 9, and this program reads only format 3", DamageTests.Refusal(disk));
    }

    private static SlotFormat FormatOf(SimulatedDisk disk, string file)
    {
        byte[] header = new byte[12];
        disk.Read(file, 0, header);
        return new SlotFormat(BitConverter.ToUInt32(header, 4), BitConverter.ToUInt32(header, 8));
    }
}
